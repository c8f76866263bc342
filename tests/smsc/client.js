// A program at somebody else's message centre, made of the npm package "smpp": binds, sends one text in parts told by a
// header and one in parts told by parameters, and tells what comes. Arguments: port, login, password, from, to.
const smpp = require("smpp");

const [port, system_id, password, source_addr, destination_addr] = process.argv.slice(2);
const tell = (event, more = {}) => process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
const session = smpp.connect({ host: "127.0.0.1", port: Number(port) });
const numbers = { source_addr_ton: 1, source_addr_npi: 1, source_addr, dest_addr_ton: 1, dest_addr_npi: 1, destination_addr };
const ways = [
  (part) => ({ esm_class: 0x40, short_message: { udh: Buffer.from([5, 0, 3, 9, 2, part]), message: `часть ${part} ` } }),
  (part) => ({ short_message: { message: `part ${part} ` }, sar_msg_ref_num: 7, sar_total_segments: 2, sar_segment_seqnum: part }),
];

session.on("error", (error) => tell("error", { message: String(error) }));
session.on("close", () => process.exit(0));
session.on("deliver_sm", (pdu) => {
  session.send(pdu.response());
  const said = pdu.short_message;
  tell("came", { from: pdu.source_addr, to: pdu.destination_addr, esm_class: pdu.esm_class, text: said.message, udh: Boolean(said.udh), id: pdu.receipted_message_id, total: pdu.sar_total_segments });
});
session.bind_transceiver({ system_id, password }, (answer) => {
  tell("bound", { status: answer.command_status });
  if (answer.command_status) { session.close(); return; }
  session.enquire_link({}, (alive) => tell("alive", { status: alive.command_status }));
  for (const way of ways) {
    for (const part of [2, 1]) {
      session.submit_sm({ ...numbers, registered_delivery: part === 2 ? 1 : 0, ...way(part) }, (sent) => tell("sent", { status: sent.command_status, id: sent.message_id }));
    }
  }
});
process.stdin.on("data", () => session.unbind({}, () => tell("left"))).on("end", () => session.close());
