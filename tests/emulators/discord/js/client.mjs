// discord.js, as it is: registers a command, is asked, reads the picture, answers, opens a thread, posts a reel there.
// Arguments: the address of the API without its version, and a token. Prints what it saw as one line of JSON.
import { ApplicationCommandOptionType, ButtonBuilder, ActionRowBuilder, Client, Events, GatewayIntentBits } from 'discord.js';

const [api, token] = process.argv.slice(2);
const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  allowedMentions: { parse: ['users'] },
  rest: { api, version: '10' },
});
const seen = {};

client.once(Events.ClientReady, async () => {
  const options = [
    { name: 'image', description: 'the picture', type: ApplicationCommandOptionType.Attachment, required: true },
    { name: 'effect', description: 'which effect', type: ApplicationCommandOptionType.String, autocomplete: true },
  ];
  await client.application.commands.set([{ name: 'effect', description: 'Makes a picture move', options }]);
  console.log('ready');
});

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isAutocomplete()) {
    seen.typed = interaction.options.getFocused();
    return interaction.respond([{ name: 'Kiss Me AI', value: 'kiss' }]);
  }
  if (interaction.isButton()) {
    await interaction.update({ content: 'cancelled', components: [] });
    console.log(JSON.stringify(seen));
    return client.destroy();
  }
  const picture = interaction.options.getAttachment('image');
  const bytes = Buffer.from(await (await fetch(picture.url)).arrayBuffer());
  seen.picture = { name: picture.name, size: bytes.length, type: picture.contentType };
  await interaction.deferReply();
  const button = new ButtonBuilder().setCustomId('job:1:cancel').setLabel('Cancel').setStyle(2);
  const components = [new ActionRowBuilder().addComponents(button)];
  const message = await interaction.editReply({ content: interaction.options.getString('effect'), components });
  const thread = await message.startThread({ name: 'the reel' });
  const files = [{ attachment: bytes, name: 'reel.png', description: 'a reel' }];
  const reel = await thread.send({ content: `${interaction.user} here it is`, files });
  seen.reel = { name: reel.attachments.first().name, size: reel.attachments.first().size };
  await interaction.followUp({ content: 'just for you', flags: 64 });
});

await client.login(token);
