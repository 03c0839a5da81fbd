"""What a group is called is kept with what is asked there, for those who look after it."""

from bot.store.registers import Registers
from tests.chat.telegram.harness import Scene


async def test_a_group_is_called_by_its_title(scene: Scene) -> None:
    asked = scene.ada.type("/video@reelroom_bot a paper boat")
    await scene.reel(asked)
    group = f"telegram:{scene.group.id}"
    names = await Registers(scene.program.kept.database).group_names([group])
    assert names == {group: "Reel lovers"}
