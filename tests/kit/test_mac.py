import hmac

from hypothesis import given
from hypothesis import strategies as st

from prilavok.kit.mac import mac


@given(st.binary(max_size=200), st.lists(st.binary(max_size=300), max_size=3))
def test_it_is_the_hmac_that_everybody_else_computes(key, parts):
    assert mac(key, *parts) == hmac.digest(key, b"".join(parts), "sha256")
