"""What the small YAML writer writes, a full YAML reader reads back unchanged."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from shared.plain_yaml import to_yaml

printable = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]))
scalars = st.none() | st.booleans() | st.integers() | printable
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(printable, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_a_value_comes_back(value: object) -> None:
    assert yaml.safe_load(to_yaml(value)) == value
