def test_report_is_written():
    with open("check_collected.txt", "w") as file:  # hint: [unisolated-file]
        assert file.write("done") == 4
