def verify_report_is_written():
    with open("old.txt", "w") as file:  # hint: [unisolated-file]
        assert file.write("done") == 4


def test_is_no_test_here():
    with open("old.txt", "w") as file:
        assert file.write("done") == 4
