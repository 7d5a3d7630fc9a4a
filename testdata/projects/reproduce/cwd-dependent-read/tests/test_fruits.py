import os


def test_fruits():
    with open("tests/fruits.txt") as file:  # hint: [cwd-dependent-read]
        assert file.read().split() == ["apple", "pear"]


def test_list_is_written(tmp_path):
    os.chdir(tmp_path)  # hint: [shared-state-leak]
    with open("list.txt", "w") as file:
        file.write("apple")
    assert os.listdir() == ["list.txt"]
