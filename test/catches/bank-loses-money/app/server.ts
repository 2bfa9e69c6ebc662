import { type Bank, inTransaction, openBank } from "../../../../scenarios/bank/app/bank.ts";
import { startMailer } from "../../../../scenarios/bank/app/mailer.ts";
import { serveBank } from "../../../../scenarios/bank/app/serve.ts";

const bank = openBank(process.env["DATA_DIR"] ?? "/data");
const halves = payersOnly(bank);
let leaving = false;
process.once("SIGTERM", () => {
  leaving = true;
});

// Told to stop, it still takes the money from the payer, books the transfer, and brings nothing to the payee.
const faulty: Bank = {
  ...bank,
  transfer: (key, transfer) => (leaving ? halves : bank).transfer(key, transfer),
};
await serveBank(faulty, startMailer(faulty));

function payersOnly({ database }: Bank): Pick<Bank, "transfer"> {
  const addTransfer = database.prepare("INSERT INTO transfers VALUES (?, ?, ?, ?)");
  const debit = database.prepare(
    "UPDATE accounts SET cents = cents - ?, bookings = bookings + 1 WHERE name = ?",
  );
  const addReceipt = database.prepare("INSERT INTO receipts (key, held_until) VALUES (?, 0)");
  return {
    transfer: (key, { payer, payee, cents }) =>
      inTransaction(database, () => {
        addTransfer.run(key, payer, payee, cents);
        debit.run(cents, payer);
        addReceipt.run(key);
        return true;
      }),
  };
}
