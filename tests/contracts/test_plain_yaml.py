"""What the small YAML writer writes, a full YAML reader reads back unchanged."""

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.plain_yaml import to_yaml

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values)
@example(
    ["\u2028", "\x85", "\ufeff", "\x00", "\uffff", "no", "1e3", "=", "~", "- a", "a: b", "a #b"]
)
def test_a_value_comes_back(value: object) -> None:
    assert yaml.safe_load(to_yaml(value)) == value
