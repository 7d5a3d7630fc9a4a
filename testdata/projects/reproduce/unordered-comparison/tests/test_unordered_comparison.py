def test_fruits():
    fruits = {"apple", "pear"}
    assert list(fruits) == ["apple", "pear"]  # hint: [unordered-comparison]
