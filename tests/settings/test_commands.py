"""What a command offers follows from its endpoints: the union of their main options, by common name."""

from bot.domain.catalogue import Endpoint, Kind, Level, MediaLimits, Option
from bot.settings.commands import COMMANDS, build_commands, in_order, union_of


def _endpoint(slug: str, *options: Option, command: str = "animate", order: int = 100) -> Endpoint:
    return Endpoint(
        slug=slug,
        id=f"fal-ai/{slug}",
        title=slug,
        summary=slug,
        command=command,
        model=slug,
        options=options,
        order=order,
    )


def _main(name: str, kind: Kind = Kind.TEXT, *, required: bool = False, choices: tuple[str, ...] = ()) -> Option:
    return Option(name=name, field=name, kind=kind, level=Level.MAIN, required=required, choices=choices)


def test_endpoints_stand_by_command_then_by_order_then_by_slug() -> None:
    endpoints = [
        _endpoint("d", command="video", order=1),
        _endpoint("c"),
        _endpoint("b"),
        _endpoint("a", order=7),
        _endpoint("e", command="effect"),
    ]

    assert [endpoint.slug for endpoint in in_order(endpoints)] == ["e", "a", "b", "c", "d"]


def test_commands_without_an_endpoint_are_not_offered() -> None:
    assert list(build_commands([_endpoint("a", _main("prompt"), command="video")])) == ["video", "custom"]
    assert build_commands([]) == {}


def test_what_a_command_makes_is_said_from_the_table() -> None:
    assert build_commands([_endpoint("a", _main("prompt"))])["animate"].makes == COMMANDS["animate"]


def test_only_main_options_are_offered_by_name() -> None:
    seed = Option(name="seed", field="seed", kind=Kind.INTEGER)
    checker = Option(name="checker", field="checker", kind=Kind.FLAG, level=Level.OWNER, fixed=True)

    assert [option.name for option in union_of([_endpoint("a", seed, _main("prompt"), checker)])] == ["prompt"]


def test_an_option_must_be_given_only_where_every_endpoint_asks_for_it() -> None:
    both, one_has, one_asks = _main("both", required=True), _main("one_has", required=True), _main("one_asks")

    options = union_of(
        [
            _endpoint("a", one_asks, one_has, both),
            _endpoint("b", _main("one_asks", required=True), both),
        ]
    )

    assert {option.name: option.required for option in options} == {"both": True, "one_asks": False, "one_has": False}
    assert options[0].name == "both", "what must be given comes first"


def test_a_picture_may_come_from_elsewhere_so_it_is_never_required_but_a_clip_is() -> None:
    options = union_of(
        [_endpoint("a", _main("image", Kind.IMAGE, required=True), _main("video", Kind.VIDEO, required=True))]
    )

    assert {option.name: option.required for option in options} == {"image": False, "video": True}


def test_choices_are_joined_without_saying_the_same_twice() -> None:
    plain = _main("duration", Kind.CHOICE, choices=("5", "8"))
    spelt = Option(
        name="duration",
        field="duration",
        kind=Kind.CHOICE,
        level=Level.MAIN,
        choices=("5s", "9s"),
        accepts={"5": "5s", "9": "9s"},
    )

    (option,) = union_of([_endpoint("a", plain), _endpoint("b", spelt)])

    assert option.choices == ("5", "8", "9s")
    assert option.accepts == {"9": "9s"}


def test_bounds_are_the_widest_and_open_where_one_is_open() -> None:
    narrow = Option(
        name="steps",
        field="steps",
        kind=Kind.INTEGER,
        level=Level.MAIN,
        minimum=4,
        maximum=8,
        default=4,
        help="How many",
    )
    wide = Option(name="steps", field="n", kind=Kind.INTEGER, level=Level.MAIN, minimum=1, maximum=64, default=16)
    free = Option(name="steps", field="n", kind=Kind.INTEGER, level=Level.MAIN, minimum=2)

    (option,) = union_of([_endpoint("a", narrow), _endpoint("b", wide)])
    assert (option.minimum, option.maximum, option.default, option.field) == (1, 64, None, "")
    assert option.help == "How many"

    (option,) = union_of([_endpoint("a", narrow), _endpoint("b", free)])
    assert (option.minimum, option.maximum) == (2, None)


def test_lengths_numbers_of_files_and_limits_are_the_loosest() -> None:
    short = Option(name="prompt", field="prompt", kind=Kind.TEXT, level=Level.MAIN, max_length=10, default="x")
    long = Option(name="prompt", field="prompt", kind=Kind.TEXT, level=Level.MAIN, max_length=20, default="x")
    one = Option(name="images", field="a", kind=Kind.IMAGES, level=Level.MAIN, min_files=1, max_files=2)
    many = Option(
        name="images",
        field="b",
        kind=Kind.IMAGES,
        level=Level.MAIN,
        min_files=2,
        max_files=4,
        limits=MediaLimits(max_bytes=5),
    )

    prompt, images = union_of([_endpoint("a", short, many), _endpoint("b", long, one)])

    assert (prompt.max_length, prompt.default) == (20, "x")
    assert (images.min_files, images.max_files, images.limits) == (1, 4, MediaLimits())


def test_the_words_after_a_command_go_to_its_first_option_that_is_no_file() -> None:
    image, prompt = _main("image", Kind.IMAGE), _main("prompt")

    assert build_commands([_endpoint("a", image, prompt)])["animate"].lead == "prompt"
    assert build_commands([_endpoint("a", image)])["animate"].lead == ""


def test_custom_offers_files_and_the_prompt_by_name_and_calls_models_by_slug() -> None:
    clip = _endpoint("clip", _main("video", Kind.VIDEO, required=True), _main("style"), command="restyle")
    text = _endpoint(
        "text", _main("prompt", required=True), _main("style", Kind.CHOICE, choices=("a",)), command="video"
    )

    custom = build_commands([text, clip])["custom"]

    assert [(option.name, option.required) for option in custom.options] == [("prompt", False), ("video", False)]
    assert custom.lead == "prompt"
    assert [endpoint.model for endpoint in custom.endpoints] == ["text", "clip"]
