def test_report_is_written():
    with open("not-collected.txt", "w") as file:
        assert file.write("done") == 4
