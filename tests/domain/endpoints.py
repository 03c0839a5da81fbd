"""A small catalogue built by hand, with one of every difficulty."""

from decimal import Decimal

from bot.domain.catalogue import (
    Amount,
    Catalogue,
    Endpoint,
    Factor,
    FileCount,
    Join,
    Kind,
    Level,
    Measure,
    MediaLimits,
    OneOf,
    OnlyWith,
    Option,
    PerUnit,
    Price,
    Send,
)
from bot.settings.endpoints import catalogue_of

EFFECTS = ("Kiss Me AI", "Kiss", "Anything, Robot", "Hug", "Black Myth: Wukong", "Who's Arrested?", "BOOM DROP")

PROMPT = Option(
    name="prompt", field="prompt", kind=Kind.TEXT, level=Level.MAIN, required=True, max_length=200, help="x"
)
NEGATIVE = Option(name="negative", field="negative_prompt", kind=Kind.TEXT, default="")
SEED = Option(name="seed", field="seed", kind=Kind.INTEGER)
SAFETY = Option(
    name="safety", field="enable_safety_checker", kind=Kind.FLAG, level=Level.OWNER, default=True, fixed=True
)
STYLE = Option(
    name="style", field="style", kind=Kind.CHOICE, choices=("anime", "clay", "3d_animation"), accepts={"day": "clay"}
)


def image(field: str = "image_url", *, name: str = "image", required: bool = True) -> Option:
    """A picture option."""
    return Option(name=name, field=field, kind=Kind.IMAGE, level=Level.MAIN, required=required, help="a picture")


def choice(name: str, *choices: str, default: str | None = None, unit: str = "", send: Send = Send.STRING) -> Option:
    """A choice under its own name."""
    return Option(
        name=name,
        field=name,
        kind=Kind.CHOICE,
        level=Level.MAIN,
        choices=choices,
        default=default,
        unit=unit,
        send=send,
    )


RESOLUTION = choice("resolution", "360p", "540p", "720p", "1080p", default="720p")
DURATION = choice("duration", "5", "8", default="5", unit="s")
ASPECT = Option(
    name="aspect",
    field="aspect_ratio",
    kind=Kind.CHOICE,
    level=Level.MAIN,
    choices=("16:9", "9:16", "1:1"),
    default="16:9",
    help="shape",
)
FULL_HD = OnlyWith(when={"resolution": ("1080p",)}, then={"duration": ("5",)}, text="1080p is limited to 5 seconds")
PIXVERSE_PRICE = Price(
    base_microusd=150_000,
    table=(
        Amount(when={"resolution": ("720p",)}, microusd=200_000),
        Amount(when={"resolution": ("1080p",)}, microusd=400_000),
    ),
    factors=(Factor(times=Decimal(2), when={"duration": ("8",)}),),
    source="fal's page",
)

PIXVERSE_EFFECTS = Endpoint(
    slug="pixverse-v4.5-effects",
    id="fal-ai/pixverse/v4.5/effects",
    title="Pixverse effects",
    summary="Named effects",
    command="effect",
    model="pixverse-4.5",
    order=1,
    options=(
        Option(
            name="effect",
            field="effect",
            kind=Kind.CHOICE,
            level=Level.MAIN,
            required=True,
            choices=EFFECTS,
            accepts={"Hulk": "Hulk"},
            help="which",
        ),
        image(),
        RESOLUTION,
        DURATION,
        NEGATIVE,
    ),
    rules=(FULL_HD,),
    price=PIXVERSE_PRICE,
    join=Join.SIDE_BY_SIDE,
    faces=True,
)

KLING_EFFECTS = Endpoint(
    slug="kling-v1.6-effects",
    id="fal-ai/kling-video/v1.6/standard/effects",
    title="Kling effects",
    summary="Named effects",
    command="effect",
    model="kling-1.6",
    order=2,
    options=(
        Option(
            name="effect",
            field="effect_scene",
            kind=Kind.CHOICE,
            level=Level.MAIN,
            required=True,
            choices=("hug", "squish"),
            help="which",
        ),
        Option(
            name="images",
            field="input_image_urls",
            kind=Kind.IMAGES,
            level=Level.MAIN,
            required=True,
            min_files=1,
            max_files=2,
            help="pictures",
        ),
        choice("duration", "5", "10", default="5", unit="s"),
    ),
    rules=(
        FileCount(when={"effect": ("hug",)}, option="images", count=2, text="hug takes two pictures"),
        FileCount(when={"effect": ("squish",)}, option="images", count=1, text="squish takes one picture"),
    ),
    price=Price(base_microusd=280_000, source="fal's page"),
)

PIXVERSE_IMAGE = Endpoint(
    slug="pixverse-v4.5-image",
    id="fal-ai/pixverse/v4.5/image-to-video",
    title="Pixverse image",
    summary="A photo moves",
    command="animate",
    model="pixverse-4.5",
    order=1,
    options=(PROMPT, image(), ASPECT, RESOLUTION, DURATION, NEGATIVE, STYLE, SEED),
    rules=(FULL_HD,),
    price=PIXVERSE_PRICE,
)

KLING_IMAGE = Endpoint(
    slug="kling-v2.1-image",
    id="fal-ai/kling-video/v2.1/standard/image-to-video",
    title="Kling 2.1",
    summary="A photo moves",
    command="animate",
    model="kling-2.1",
    order=2,
    options=(
        PROMPT,
        image(),
        choice("duration", "5", "10", default="5", unit="s"),
        NEGATIVE,
        Option(name="cfg", field="cfg_scale", kind=Kind.NUMBER, default=0.5, minimum=0, maximum=1),
    ),
    price=Price(
        base_microusd=280_000,
        per=(PerUnit(measure=Measure.OPTION, option="duration", microusd=56_000, above=5),),
        source="fal's page",
    ),
)

LUMA_IMAGE = Endpoint(
    slug="luma-image",
    id="fal-ai/luma-dream-machine/ray-2-flash/image-to-video",
    title="Luma",
    summary="A photo moves",
    command="animate",
    model="luma-ray-2-flash",
    order=3,
    options=(
        PROMPT,
        image(required=False),
        image("end_image_url", name="end_image", required=False),
        ASPECT,
        Option(name="loop", field="loop", kind=Kind.FLAG, default=False),
        choice("duration", "5s", "9s", default="5s", unit="s"),
    ),
    rules=(OneOf(options=("image", "end_image"), text="give a first or a last picture"),),
    price=Price(base_microusd=200_000, unit_price_microusd=200_000, billing_unit="clip", source="fal's page"),
)

MAGI_IMAGE = Endpoint(
    slug="magi-image",
    id="fal-ai/magi-distilled/image-to-video",
    title="Magi",
    summary="A photo moves",
    command="animate",
    model="magi",
    order=4,
    options=(
        PROMPT,
        image(),
        Option(
            name="frames",
            field="num_frames",
            kind=Kind.INTEGER,
            default=96,
            minimum=96,
            maximum=192,
            unit="frames",
        ),
        Option(
            name="steps",
            field="num_inference_steps",
            kind=Kind.CHOICE,
            choices=("4", "8", "16", "32"),
            default="16",
            send=Send.INTEGER,
        ),
        SAFETY,
    ),
    price=Price(base_microusd=320_000, estimated=True, source="guess"),
)

RETIRED_IMAGE = Endpoint(
    slug="kling-v2.1-pro-image",
    id="fal-ai/kling-video/v2.1/pro/image-to-video",
    title="Kling 2.1 pro",
    summary="A photo moves",
    command="animate",
    model="kling-2.1-pro",
    order=5,
    options=(PROMPT, image()),
    price=Price(base_microusd=490_000, source="fal's page"),
    retired=True,
)

UNPRICED_MIMIC = Endpoint(
    slug="video-as-prompt",
    id="fal-ai/video-as-prompt",
    title="Video as prompt",
    summary="The effect of one video",
    command="mimic",
    model="video-as-prompt",
    options=(
        PROMPT,
        Option(name="video", field="video_url", kind=Kind.VIDEO, level=Level.MAIN, required=True, help="a clip"),
        image(),
    ),
)

SOUND = Endpoint(
    slug="pixverse-lipsync",
    id="fal-ai/pixverse/lipsync",
    title="Lipsync",
    summary="A clip gets speech",
    command="lipsync",
    model="pixverse",
    options=(
        Option(name="text", field="text", kind=Kind.TEXT, level=Level.MAIN, help="what is said"),
        Option(
            name="video",
            field="video_url",
            kind=Kind.VIDEO,
            level=Level.MAIN,
            required=True,
            help="a clip",
            limits=MediaLimits(max_s=30),
        ),
        Option(name="audio", field="audio_url", kind=Kind.AUDIO, level=Level.MAIN, help="a voice"),
    ),
    rules=(OneOf(options=("text", "audio"), text="give a text or a sound"),),
    price=Price(
        base_microusd=0,
        per=(
            PerUnit(measure=Measure.INPUT_SECONDS, option="video", microusd=40_000, at_most=30),
            PerUnit(measure=Measure.CHARACTERS, option="text", microusd=240_000, step=100),
        ),
        source="fal's page",
    ),
)

ENDPOINTS = (
    PIXVERSE_EFFECTS,
    KLING_EFFECTS,
    PIXVERSE_IMAGE,
    KLING_IMAGE,
    LUMA_IMAGE,
    MAGI_IMAGE,
    RETIRED_IMAGE,
    UNPRICED_MIMIC,
    SOUND,
)


def catalogue() -> Catalogue:
    """All of them, with their commands."""
    return catalogue_of(ENDPOINTS)
