import pytest

from bot.domain.ask import Attachment, Wish
from bot.domain.errors import Problem, Refused, Slug
from bot.domain.order import Draft, Order, complete, draft, payload
from bot.domain.wish import read
from tests.domain.endpoints import (
    KLING_EFFECTS,
    LUMA_IMAGE,
    MAGI_IMAGE,
    PIXVERSE_EFFECTS,
    PIXVERSE_IMAGE,
    SOUND,
    catalogue,
)

CATALOGUE = catalogue()
FACE = Attachment(platform="room", handle="a", name="face.jpg", content_type="image/jpeg")
FRIEND = Attachment(platform="room", handle="b", name="friend.png")
CLIP = Attachment(platform="room", handle="c", name="clip.mp4", content_type="video/mp4")
VOICE = Attachment(platform="room", handle="d", name="voice.mp3", content_type="audio/mpeg")
MYSTERY = Attachment(platform="room", handle="e", name="thing", content_type="application/octet-stream")


def drafted(text: str, *attachments: Attachment, sandbox: bool = False) -> Draft:
    reading = read(text, CATALOGUE)
    return draft(reading.wish, attachments, CATALOGUE, sandbox=sandbox, problems=reading.problems)


def refusals(text: str, *attachments: Attachment, sandbox: bool = False) -> list[tuple[Slug, str]]:
    with pytest.raises(Refused) as caught:
        drafted(text, *attachments, sandbox=sandbox)
    return [(problem.slug, problem.about) for problem in caught.value.problems]


def test_a_picture_and_an_effect_become_a_draft_with_its_price() -> None:
    order = drafted("/effect kiss me ai", FACE)
    assert order.endpoint == PIXVERSE_EFFECTS.slug
    assert order.values == {"effect": "Kiss Me AI", "resolution": "720p", "duration": "5", "negative": ""}
    assert order.files == {"image": (FACE,)}
    assert order.quote.cost_microusd == 200_000
    assert not order.joined


def test_without_a_model_the_first_endpoint_that_takes_the_wish_is_chosen() -> None:
    assert drafted("/animate x", FACE).endpoint == PIXVERSE_IMAGE.slug
    assert drafted("/animate x --cfg 0.3", FACE).endpoint == "kling-v2.1-image"
    assert drafted("/animate x --end https://example.org/b.png", FACE).endpoint == LUMA_IMAGE.slug
    assert drafted("/effect squish", FACE).endpoint == KLING_EFFECTS.slug


def test_a_family_name_means_the_first_of_the_family_that_takes_the_wish() -> None:
    assert drafted("/animate x --model kling", FACE).endpoint == "kling-v2.1-image"
    assert drafted("/animate x --model luma --loop", FACE).endpoint == LUMA_IMAGE.slug


def test_the_custom_command_reaches_every_endpoint() -> None:
    order = drafted("/custom magi-distilled/image-to-video x --steps 32", FACE)
    assert (order.command, order.endpoint, order.values["steps"]) == ("custom", MAGI_IMAGE.slug, "32")


def test_an_option_of_another_model_is_said_to_be_there() -> None:
    with pytest.raises(Refused) as caught:
        drafted("/animate x --model magi --style clay", FACE)
    (problem,) = caught.value.problems
    assert problem == Problem(slug=Slug.NOT_IN_MODEL, about="style", facts={"model": "magi", "models": "pixverse-4.5"})


def test_when_nothing_fits_the_endpoint_with_the_fewest_problems_speaks() -> None:
    assert refusals("/animate x --duration 7 --style clay", FACE) == [(Slug.UNKNOWN_CHOICE, "duration")]


def test_everything_wrong_with_text_values_and_files_is_one_answer() -> None:
    assert refusals("/animate --model pixverse-4.5 --duration 7 --seed x --colour red --res 1080p", VOICE) == [
        (Slug.UNKNOWN_OPTION, "colour"),
        (Slug.MISSING_OPTION, "prompt"),
        (Slug.UNKNOWN_CHOICE, "duration"),
        (Slug.NOT_A_NUMBER, "seed"),
        (Slug.FILE_UNUSED, "voice.mp3"),
        (Slug.MISSING_MEDIA, "image"),
    ]


def test_with_an_unknown_model_the_rest_is_still_looked_at() -> None:
    assert refusals("/animate x --model klingg-2.1 --duration 7", FACE) == [
        (Slug.UNKNOWN_MODEL, "model"),
        (Slug.UNKNOWN_CHOICE, "duration"),
    ]


def test_of_equally_wrong_endpoints_the_one_with_a_suggestion_speaks() -> None:
    with pytest.raises(Refused) as caught:
        drafted("/effect squissh", FACE)
    assert caught.value.problems[0].facts["suggestion"] == "squish"


def test_nothing_is_said_twice_of_one_option() -> None:
    assert refusals('/animate "x --model magi --image nonsense') == [
        (Slug.OPEN_QUOTE, "prompt"),
        (Slug.URL_REFUSED, "image"),
    ]


def test_a_rule_across_options_is_told_in_its_own_words() -> None:
    with pytest.raises(Refused) as caught:
        drafted("/effect Hug --res 1080p --duration 8", FACE)
    (problem,) = caught.value.problems
    assert problem == Problem(slug=Slug.RULE_BROKEN, about="duration", facts={"rule": "1080p is limited to 5 seconds"})


def test_an_unknown_command_or_model_in_a_form_is_refused_too() -> None:
    with pytest.raises(Refused) as caught:
        draft(Wish(command="anmate"), (), CATALOGUE, sandbox=True)
    assert caught.value.problems[0].facts == {"given": "anmate", "suggestion": "animate"}
    with pytest.raises(Refused) as caught:
        draft(Wish(command="animate", model="sora"), (), CATALOGUE, sandbox=True)
    assert caught.value.problems[0].slug is Slug.UNKNOWN_MODEL


def test_what_the_owner_fixed_cannot_be_set_by_a_form_either() -> None:
    wish = Wish(command="animate", options={"prompt": "x", "safety": "off"}, model="magi")
    with pytest.raises(Refused) as caught:
        draft(wish, (FACE,), CATALOGUE, sandbox=True)
    assert [problem.slug for problem in caught.value.problems] == [Slug.OWNER_OPTION]


def test_retired_and_unpriced_endpoints_work_in_the_sandbox_only() -> None:
    assert drafted("/animate x --model kling-2.1-pro", FACE, sandbox=True).endpoint == "kling-v2.1-pro-image"
    assert drafted("/mimic x", FACE, CLIP, sandbox=True).quote.unpriced
    assert refusals("/animate x --model kling-2.1-pro", FACE) == [(Slug.ENDPOINT_OFF, "model")]
    assert refusals("/mimic x", FACE, CLIP) == [(Slug.ENDPOINT_OFF, "model")]


def test_files_go_where_they_were_given_for_and_the_others_by_their_kind() -> None:
    order = drafted("/mimic x", CLIP, FACE, sandbox=True)
    assert order.files == {"video": (CLIP,), "image": (FACE,)}
    end = Attachment(platform="room", handle="z", option="end_image")
    assert drafted("/animate x --model luma", end, FACE).files == {"image": (FACE,), "end_image": (end,)}
    assert drafted("/animate x --model luma", FACE, FRIEND).files == {"image": (FACE,), "end_image": (FRIEND,)}


def test_a_file_that_claims_nothing_is_given_the_free_place() -> None:
    assert drafted("/animate x", MYSTERY).files == {"image": (MYSTERY,)}


def test_an_address_typed_for_a_file_becomes_an_attachment() -> None:
    url = "https://example.org/a.png?x=1"
    assert drafted(f"/animate x --image {url}").files == {
        "image": (Attachment(platform="url", handle=url, option="image"),)
    }


def test_two_pictures_for_a_one_picture_effect_are_joined_and_three_are_too_many() -> None:
    order = drafted("/effect Hug --model pixverse", FACE, FRIEND)
    assert order.joined
    assert order.files == {"image": (FACE, FRIEND)}
    with pytest.raises(Refused) as caught:
        drafted("/effect Hug --model pixverse", FACE, FRIEND, FACE)
    (problem,) = caught.value.problems
    facts = {"given": "3", "maximum": "2", "kind": "a picture"}
    assert problem == Problem(slug=Slug.TOO_MANY_FILES, about="image", facts=facts)


def test_where_pictures_are_not_joined_a_second_one_is_too_many() -> None:
    assert refusals("/animate x --model kling-2.1", FACE, FRIEND) == [(Slug.TOO_MANY_FILES, "image")]


def test_some_effects_take_exactly_so_many_pictures() -> None:
    assert drafted("/effect hug --model kling", FACE, FRIEND).files == {"images": (FACE, FRIEND)}
    assert refusals("/effect hug --model kling", FACE) == [(Slug.TOO_FEW_FILES, "images")]
    assert refusals("/effect squish --model kling", FACE, FRIEND) == [(Slug.TOO_MANY_FILES, "images")]
    assert refusals("/effect hug --model kling") == [(Slug.MISSING_MEDIA, "images")]


def test_a_picture_named_image_serves_a_model_that_takes_images_and_the_reverse() -> None:
    named = Attachment(platform="room", handle="z", option="image")
    (placed,) = drafted("/effect squish --model kling", named).files["images"]
    assert (placed.handle, placed.option) == ("z", "images")
    assert set(drafted("/effect Hug --model pixverse --images https://a.org/1 https://a.org/2").files) == {"image"}


def test_one_of_several_has_to_be_given() -> None:
    assert refusals("/animate x --model luma") == [(Slug.MISSING_ONE_OF, "")]
    assert refusals('/lipsync "" --model pixverse', CLIP) == [(Slug.MISSING_ONE_OF, "")]
    assert drafted("/lipsync", CLIP, VOICE).files == {"video": (CLIP,), "audio": (VOICE,)}


def test_an_attachment_for_an_option_that_is_no_file_is_refused() -> None:
    odd = Attachment(platform="room", handle="z", option="mask")
    assert refusals("/animate x", FACE, odd) == [(Slug.UNKNOWN_OPTION, "mask")]


def test_an_order_has_the_final_price_once_the_files_were_looked_at() -> None:
    first = drafted("/lipsync hello", CLIP)
    order = complete(first, {"video": ("hash",)}, {"video": 3.5}, SOUND)
    assert order.media == {"video": ("hash",)}
    assert (order.quote.cost_microusd, order.quote.estimated) == (400_000, False)
    assert first.quote.hold_microusd > order.quote.hold_microusd


def ordered(text: str, *attachments: Attachment) -> Order:
    first = drafted(text, *attachments, sandbox=True)
    endpoint = CATALOGUE.endpoint(first.endpoint)
    assert endpoint is not None
    return complete(first, {}, {}, endpoint)


def test_fal_gets_its_own_names_and_types_and_only_what_is_set() -> None:
    order = ordered("/animate x --model magi --frames 120 --steps 8", FACE)
    assert payload(order, MAGI_IMAGE, {"image": ("https://fal/a.jpg",)}) == {
        "prompt": "x",
        "image_url": "https://fal/a.jpg",
        "num_frames": 120,
        "num_inference_steps": 8,
        "enable_safety_checker": True,
    }


def test_several_pictures_are_sent_as_a_list() -> None:
    order = ordered("/effect hug --model kling", FACE, FRIEND)
    body = payload(order, KLING_EFFECTS, {"images": ("https://fal/a", "https://fal/b")})
    assert body == {"effect_scene": "hug", "input_image_urls": ["https://fal/a", "https://fal/b"], "duration": "5"}


def test_a_choice_that_was_renamed_is_sent_by_its_new_name() -> None:
    order = ordered("/animate x --style day", FACE)
    assert order.values["style"] == "day"
    assert payload(order, PIXVERSE_IMAGE, {})["style"] == "clay"
    assert payload(ordered("/effect hulk", FACE), PIXVERSE_EFFECTS, {})["effect"] == "Hulk"
