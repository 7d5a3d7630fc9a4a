URL = "https://example.org"


def get():
    return URL
