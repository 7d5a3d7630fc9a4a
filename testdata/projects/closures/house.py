"""A house with state that tests change."""

lights = []
doors = []
windows = []
heating = {"on": False}
guests = []
music = []
tenants = []
pets = []
alarms = []
visitors = []
gate = "shut"
lamp = "off"
stove = "cold"
bell = "quiet"
roof = "dry"
