from .shared.contracts import *
from .shared.contracts import TestDirectly as TestRenamed
