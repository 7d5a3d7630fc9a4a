def test_is_no_test_here():
    with open("old.txt", "w") as file:
        assert file.write("done") == 4
