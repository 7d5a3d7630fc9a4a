import threading


def print_receipt(fruits, printed):
    for fruit in sorted(fruits):
        line = fruit.title()
    printed.append(line)


def test_receipt_is_printed():
    printed = []
    threading.Thread(target=print_receipt, args=(["apple", "pear"] * 10_000, printed)).start()
    assert printed == ["Pear"]  # hint: [asserted-too-early]
