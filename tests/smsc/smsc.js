// A message centre for tests, made of the npm package "smpp". It reads commands and tells what happens, a line of JSON each.
const readline = require("node:readline");
const smpp = require("smpp");

const tell = (event, more = {}) => process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
const sessions = new Set();
const statuses = []; // of the next submit_sm, one each; "silence" answers nothing
const ids = [];
const passwords = { shop: "secret" };
let exclusive = false;
let number = 1000;

const server = smpp.createServer((session) => {
  let bound = "";
  session.on("error", () => session.close());
  session.on("close", () => {
    sessions.delete(session);
    if (bound) tell("gone", { as: bound });
  });
  const bind = (pdu) => {
    const right = passwords[pdu.system_id] === pdu.password;
    if (!right || (exclusive && [...sessions].length)) {
      session.send(pdu.response({ command_status: right ? smpp.ESME_RALYBND : smpp.ESME_RINVPASWD }));
      return;
    }
    bound = pdu.command;
    sessions.add(session);
    session.send(pdu.response({ system_id: "smsc" }));
    tell("bound", { as: pdu.command, system_type: pdu.system_type, version: pdu.interface_version });
  };
  session.on("bind_transceiver", bind);
  session.on("bind_transmitter", bind);
  session.on("unbind", (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on("enquire_link", (pdu) => {
    session.send(pdu.response());
    tell("enquired");
  });
  session.on("submit_sm", (pdu) => {
    const status = statuses.shift() ?? 0;
    const said = pdu.short_message;
    tell("submit", {
      as: bound,
      status,
      from: pdu.source_addr,
      from_ton: pdu.source_addr_ton,
      to: pdu.destination_addr,
      coding: pdu.data_coding,
      esm_class: pdu.esm_class,
      receipt: pdu.registered_delivery,
      text: said.message,
      udh: said.udh ? [...said.udh].flatMap((one) => [...(one.length === undefined ? [one] : one)]) : null,
    });
    if (status === "silence") return;
    if (status === "drop") session.destroy();
    else if (status) session.send(pdu.response({ command_status: status }));
    else session.send(pdu.response({ message_id: ids.shift() ?? String(number++) }));
  });
});

const listening = () => [...sessions].find((one) => one);
const commands = {
  deliver({ pdu }) {
    const { udh, message, ...rest } = pdu;
    const short_message = udh ? { udh: Buffer.from(udh), message } : message === undefined ? undefined : { message };
    listening().deliver_sm({ ...rest, ...(short_message ? { short_message } : {}) }, (answer) => tell("taken", { status: answer.command_status }));
  },
  data({ pdu }) {
    listening().data_sm(pdu, (answer) => tell("taken", { status: answer.command_status }));
  },
  enquire: () => listening().enquire_link((answer) => tell("alive", { status: answer.command_status })),
  unbind: () => listening().unbind(),
  status: ({ next }) => statuses.push(...next),
  ids: ({ next }) => ids.push(...next),
  exclusive: ({ on }) => { exclusive = on; },
  password: ({ system_id, password }) => { passwords[system_id] = password; },
  drop: () => { for (const one of sessions) one.destroy(); },
  rubbish: () => listening().socket.write(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")),
};

server.listen(0, "127.0.0.1", () => tell("ready", { port: server.address().port }));
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { do: what, ...more } = JSON.parse(line);
  commands[what](more);
  tell("done", { what });
}).on("close", () => process.exit(0));
