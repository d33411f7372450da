"""Settings in a system's name: several values are several systems; they are those of the system."""

from components.study.recipe import base_name, expand_settings, named_settings
from components.study.study import Study


def test_each_value_is_a_name_of_its_own():
    assert expand_settings("net:width=16/32:plain:missing=0.9") == [
        "net:width=16:plain:missing=0.9",
        "net:width=32:plain:missing=0.9",
    ]
    assert expand_settings("net:speed+noise") == ["net:speed+noise"]
    assert Study(systems=["net:width=1/2", "net:width=2", "other"]).systems == [
        "net:width=1",
        "net:width=2",
        "other",
    ]


def test_settings_are_read_from_the_name():
    name = "net:width=16:plain:learns=gender+age:missing=0.9"
    assert named_settings(name) == {"width": 16, "learns": "gender+age", "missing": 0.9}
    assert base_name(name) == "net" and named_settings("net:plain") == {}
