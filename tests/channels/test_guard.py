from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prilavok.channels.guard import all_allowed, allowed, checked_host, checked_url
from prilavok.domain.errors import NeedsOwner

FORBIDDEN = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"),
    *("172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1"),
    *("64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2002:808:808::1", "2001::1"),
    *("2001:db8::1", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1"),
    *("2001:10::1", "2001:20::1", "5f00::1", "1::1"),
]
PUBLIC = [
    *(
        "8.8.8.8",
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "149.154.167.220",
        "223.1.1.1",
    ),
    *("2606:4700:4700::1111", "2a00:1450:4010::5e", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"),
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_no_address_behind_the_wall_is_reached(address):
    assert not allowed(address)
    with pytest.raises(NeedsOwner, match="PRILAVOK_TRUSTED_NETWORKS"):
        all_allowed("shop.example", [address])


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internet_is_reached(address):
    assert allowed(address)


def test_one_private_address_among_public_ones_spoils_the_name():
    with pytest.raises(NeedsOwner, match=r"shop\.example is an address in a private network"):
        all_allowed("shop.example", ["8.8.8.8", "10.0.0.1"])
    assert all_allowed("shop.example", ["8.8.8.8", "1.1.1.1", "8.8.8.8"]) == ["8.8.8.8", "1.1.1.1"]


def test_what_the_operator_trusts_is_reached_in_every_spelling():
    trusted = (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    for address in ("127.0.0.1", "::ffff:127.0.0.1", "fd00::1"):
        assert allowed(address, trusted)
    for address in ("10.0.0.1", "::1", "fe80::1", "0.0.0.0"):
        assert not allowed(address, trusted)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_however_it_is_wrapped(address):
    inside = int(address)
    mapped = IPv6Address(0xFFFF << 32 | inside)
    nat64 = IPv6Address(0x64FF9B << 96 | inside)
    assert allowed(str(mapped)) == allowed(str(nat64)) == allowed(str(address))
    if not address.is_global:
        assert not allowed(str(address))
    assert not allowed(str(IPv6Address(0x2002 << 112 | inside << 80)))
    assert not allowed(str(IPv6Address(inside)))


@given(st.ip_addresses(v=6))
def test_what_python_calls_private_is_never_reached(address):
    if not address.is_global and not address.ipv4_mapped:
        assert not allowed(str(address))


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://shop.example/", "file:///etc/passwd", "gopher://shop.example", "javascript:alert(1)", "shop.example"),
        *("//shop.example/", "http://", "http:///x", "", "http://user@shop.example/", "http://:secret@shop.example/"),
        *(
            "http://shop.example\\@10.0.0.1/",
            "http://shop example/",
            "http://shop.example/\r\nHost: x",
            "http://a\x00b/",
        ),
        *("http://[::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::1", "http://shop.example:99999/"),
        *("http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://127.0.1/", "http://127.0.0.1.1/", "http://1.2.3.4.5/", "http://0/", "http://256.1.1.1/"),
        *("http://shop..example/", "http://.example/", "http://-shop.example/", "http://sh!op.example/", "http://*/"),
        "http://shop.example/" + "a" * 9000,
    ],
)
def test_an_address_that_is_spelled_to_deceive_is_refused_and_not_repeated(url):
    with pytest.raises(NeedsOwner) as refusal:
        checked_url(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.telegram.org/bot1:A/getMe", "api.telegram.org"),
        ("HTTPS://Shop.Example:8443/", "shop.example"),
        ("https://магазин.укр/", "xn--80aaall4bvd.xn--j1amh"),
        ("http://１２７.０.０.１/", "127.0.0.1"),
        ("http://[::FFFF:127.0.0.1]/", "::ffff:7f00:1"),
        ("http://under_score.example./", "under_score.example."),
    ],
)
def test_an_honest_address_is_read_as_what_it_means(url, host):
    read = checked_url(url).raw_host
    assert read.startswith("xn--") if host.startswith("xn--") else read == host


@pytest.mark.parametrize("host", ["127.0.0.1.", "127.0.0.1", "::ffff:7f00:1", "::1"])
def test_an_address_in_numbers_is_seen_as_one(host):
    address = checked_host(host)
    assert isinstance(address, IPv4Address | IPv6Address)
    assert not allowed(address)


@given(st.text(max_size=40))
def test_any_text_is_judged_without_a_crash(text):
    for check in (checked_url, checked_host):
        with suppress(NeedsOwner):
            assert check(text) is None or text
