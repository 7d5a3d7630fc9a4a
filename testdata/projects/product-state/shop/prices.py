"""How prices are shown."""

STYLE = "plain"
VOUCHERS = {}


def set_style(style):
    global STYLE
    STYLE = style


def shown(price):
    return f"** {price} **" if STYLE == "loud" else f"{price}"


def style():
    return STYLE


def add_voucher(code, percent):
    if code in VOUCHERS:
        raise ValueError(f"{code} is there already")
    VOUCHERS[code] = percent


def drop_voucher(code):
    del VOUCHERS[code]
