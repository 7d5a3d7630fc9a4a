import os
import tempfile
import unittest
from unittest import mock

import bell


class LeakTest(unittest.TestCase):
    def test_a_loud_bell(self):
        bell.LOUD = True  # hint: [shared-state-leak]
        self.assertTrue(bell.LOUD)

    def test_quiet_at_first(self):
        self.assertFalse(bell.LOUD)

    def test_environment(self):
        os.environ["BELL"] = "loud"  # hint: [shared-state-leak]
        self.assertEqual(os.environ["BELL"], "loud")

    def test_log_is_written(self):
        with open("/tmp/bell.log", "w") as file:  # hint: [unisolated-file]
            file.write("ding")


class SetUpLeakTest(unittest.TestCase):
    def setUp(self):
        bell.names.append("tower")  # hint: [shared-state-leak]

    def test_a_name_is_known(self):
        self.assertIn("tower", bell.names)


class VictimTest(unittest.TestCase):
    def test_no_names_at_first(self):
        self.assertEqual(bell.names, [])


class RestoredTest(unittest.TestCase):
    def setUp(self):
        self.volume = bell.VOLUME
        bell.VOLUME = 11

    def tearDown(self):
        bell.VOLUME = self.volume

    def test_as_loud_as_set(self):
        self.assertEqual(bell.VOLUME, 11)


class CleanedUpTest(unittest.TestCase):
    def test_pitch(self):
        self.addCleanup(setattr, bell, "PITCH", bell.PITCH)
        bell.PITCH = 220
        self.assertEqual(bell.PITCH, 220)

    def test_pitch_in_a_context(self):
        self.enterContext(mock.patch.object(bell, "PITCH", 880))
        self.assertEqual(bell.PITCH, 880)

    def test_pitch_of_this_test_only(self):
        self.PITCH = 220
        self.assertEqual(self.PITCH, 220)

    def test_log_of_its_own(self):
        directory = self.enterContext(tempfile.TemporaryDirectory())
        with open(os.path.join(directory, "bell.log"), "w") as file:
            file.write("ding")
