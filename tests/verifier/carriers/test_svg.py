"""A badge in an SVG picture."""

import pytest

from backpack.errors import Damaged, NothingInside, TooComplex, Unreadable
from backpack.verifier.carriers import svg

URL = "https://montalvo.example/badge/1"
BODY = '{"id": "https://montalvo.example/badge/1", "name": "A & B"}'
JWS = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"


def drawing(inside: str = "", prolog: str = "", attributes: str = "") -> bytes:
    return f'{prolog}<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}<rect/></svg>'.encode()


def element(body: str = "", verify: str = "", name: str = "assertion", space: str = svg.OLD_NAMESPACE) -> str:
    attribute = f' verify="{verify}"' if verify else ""
    return f'<ob:{name} xmlns:ob="{space}"{attribute}><![CDATA[{body}]]></ob:{name}>'


@pytest.mark.parametrize("text", [BODY, JWS, URL, '{"x": "]]>"}'])
@pytest.mark.parametrize("credential", [True, False])
def test_what_was_baked_can_be_read_again(text, credential):
    baked = svg.bake(drawing(), text, credential=credential)
    assert svg.recognises(baked)
    assert svg.unbake(baked)[0].text == text


def test_baking_again_replaces_the_old_badge():
    first = svg.bake(drawing(), BODY, credential=False)
    assert svg.bake(first, JWS, credential=True) == svg.bake(drawing(), JWS, credential=True)


@pytest.mark.parametrize("text", [BODY, JWS])
def test_an_old_badge_deep_inside_is_cut_out_exactly(text):
    old = svg.bake(drawing(), text, credential=True)
    badge = old[len(drawing().split(b"<rect")[0]) : -len(b"<rect/></svg>")].decode()
    assert svg.bake(drawing(f"<g>{badge}</g>"), URL, credential=False).endswith(b"<g></g><rect/></svg>")


def test_a_badge_inside_another_is_cut_out_with_it():
    nested = element(BODY).replace("<![CDATA[", element(JWS) + "<![CDATA[")
    assert svg.bake(drawing(nested), URL, credential=False) == svg.bake(drawing(), URL, credential=False)


def test_baking_leaves_the_rest_as_it_is():
    picture = drawing(prolog="<?xml version='1.0'?><!-- <svg> --><!DOCTYPE svg>\n", attributes="a='>'")
    baked = svg.bake(picture, URL, credential=False)
    added = f'<openbadges:assertion xmlns:openbadges="{svg.OLD_NAMESPACE}" verify="{URL}"/>'.encode()
    assert baked.replace(added, b"") == picture


def test_an_empty_root_is_opened_for_the_badge():
    baked = svg.bake(b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', BODY, credential=True)
    assert svg.unbake(baked)[0].text == BODY


def test_a_picture_in_another_encoding_keeps_its_letters():
    picture = "<?xml version='1.0' encoding='iso-8859-1'?><svg xmlns='http://www.w3.org/2000/svg'>é</svg>"
    baked = svg.bake(picture.encode("latin-1"), '{"name": "é"}', credential=True)
    assert svg.unbake(baked)[0].text == '{"name": "\\u00e9"}'


def test_a_hosted_assertion_names_its_address_too():
    assert svg.unbake(svg.bake(drawing(), BODY, credential=False))[0].address == URL


@pytest.mark.parametrize("space", [svg.OLD_NAMESPACE, svg.OB3_NAMESPACE, svg.CLR_NAMESPACE])
@pytest.mark.parametrize("name", ["assertion", "credential"])
def test_the_namespace_counts_whatever_the_prefix_and_depth(space, name):
    inside = f"<g><g>{element(BODY, name=name, space=space)}</g></g>"
    assert svg.unbake(drawing(inside))[0].text == BODY


def test_a_badge_in_a_namespace_of_its_own_needs_no_prefix():
    inside = f'<assertion xmlns="{svg.OLD_NAMESPACE}" verify="{URL}">{URL}</assertion>'
    assert svg.unbake(drawing(inside))[0].text == URL


def test_json_with_its_quotes_written_out_or_in_several_pieces_is_the_same_json():
    escaped = BODY.replace("&", "&amp;").replace('"', "&quot;").replace("{", "&#123;")
    pieces = f"<!-- a note --><![CDATA[{BODY[:9]}]]><![CDATA[{BODY[9:]}]]>"
    for inside in (escaped, pieces):
        element = f'<o:assertion xmlns:o="{svg.OLD_NAMESPACE}"> {inside}\n</o:assertion>'
        assert svg.unbake(drawing(element))[0].text == BODY


def test_a_mark_before_the_picture_does_no_harm():
    marked = b"\xef\xbb\xbf" + svg.bake(drawing(), BODY, credential=False)
    assert svg.recognises(marked)
    assert svg.unbake(marked)[0].text == BODY


def test_another_namespace_is_no_badge():
    with pytest.raises(NothingInside):
        svg.unbake(drawing(element(BODY, space="http://other.example")))


def test_a_forgotten_namespace_is_forgiven_and_said():
    found = svg.unbake(drawing(f"<openbadges:assertion><![CDATA[{BODY}]]></openbadges:assertion>"))
    assert found[0].text == BODY
    assert "not declared" in found[0].notes[0]


def test_such_a_badge_cannot_be_replaced():
    with pytest.raises(Damaged):
        svg.bake(drawing(f"<openbadges:assertion>{URL}</openbadges:assertion>"), BODY, credential=True)


def test_an_address_alone_is_a_badge():
    assert svg.unbake(drawing(element(verify=URL)))[0].text == URL


def test_the_signed_form_counts_before_the_body():
    found = svg.unbake(drawing(element(BODY, verify=JWS)))
    assert [u.text for u in found] == [JWS]
    assert "signed form counts" in found[0].notes[0]


def test_the_address_is_the_second_choice_when_the_body_is_broken():
    assert [u.text for u in svg.unbake(drawing(element("{broken", verify=URL)))] == ["{broken", URL]


def test_of_two_badges_the_first_counts_and_it_is_said():
    found = svg.unbake(drawing(element('{"n": 1}') + element('{"n": 2}')))
    assert found[0].text == '{"n": 1}'
    assert "two badges" in found[0].notes[0]


def test_a_long_prolog_hides_nothing():
    picture = svg.bake(drawing(prolog=f"<!-- {'x' * 5000} -->"), BODY, credential=False)
    assert svg.recognises(picture)
    assert svg.unbake(picture)[0].text == BODY


@pytest.mark.parametrize(
    "data", [b"<html><svg></svg></html>", b"<!DOCTYPE html><svg/>", b"<feed/>", b"svg", b"", b"{}"]
)
def test_other_files_are_not_taken_for_svg(data):
    assert not svg.recognises(data)


@pytest.mark.parametrize("inside", ["", "<!-- " + element(BODY) + " -->", element(" ")])
def test_a_picture_without_a_badge_says_so(inside):
    with pytest.raises(NothingInside):
        svg.unbake(drawing(inside))


@pytest.mark.parametrize("inside", ["<g>", "<undeclared:x/>", "<openbadges:assertion>"])
def test_a_picture_that_is_not_well_formed_is_damaged(inside):
    with pytest.raises(Damaged):
        svg.unbake(drawing(inside))


def test_entities_are_refused():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(Unreadable, match="do not accept") as refused:
        svg.unbake(drawing("&b;", prolog=bomb))
    assert "as a PNG picture" in refused.value.try_this


def test_a_harmless_doctype_is_accepted():
    doctype = (
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert svg.unbake(drawing(element(BODY), prolog=doctype))[0].text == BODY


def test_too_deep_and_too_many_elements_are_refused():
    for inside in ("<g>" * 200 + "</g>" * 200, "<g/>" * (svg.MAX_ELEMENTS + 1)):
        with pytest.raises(TooComplex):
            svg.unbake(drawing(inside))


def test_an_unknown_encoding_is_damage():
    with pytest.raises(Damaged):
        svg.unbake(b"<?xml version='1.0' encoding='klingon'?><svg/>")


def test_a_prolog_that_never_ends_is_no_picture():
    with pytest.raises(Damaged):
        svg.bake(b"<!-- <svg/>", BODY, credential=True)


def test_nothing_is_baked_into_what_is_no_picture():
    with pytest.raises(Damaged):
        svg.bake(b"nothing", BODY, credential=True)


def test_a_root_whose_name_no_program_writes_is_refused_in_a_sentence():
    named = f'<é:svg xmlns:é="http://www.w3.org/2000/svg">{element(BODY)}</é:svg>'.encode()
    with pytest.raises(Damaged, match="not well formed"):
        svg.bake(named, BODY, credential=False)
