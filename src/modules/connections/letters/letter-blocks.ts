import type { Block } from '../../../platform/pdf/write-pdf.ts';
import { formatDate } from '../../../ui/index.ts';
import { lastMomentOf, ZONE } from './code-end.ts';
import type { CodeLetter } from './take-letters.ts';

/**
 * A page for each letter: the address where the window of an E65 envelope is when the sheet is folded in three, then what to do. No name:
 * the letter goes to a home, and whoever opens the envelope learns no more than the address.
 */
export function* letterBlocks(letters: readonly CodeLetter[], provider: string, publicUrl: string): Generator<Block> {
  for (const [index, letter] of letters.entries()) {
    if (index > 0) yield { kind: 'page' };
    yield { kind: 'window', from: provider, to: `Плательщику по лицевому счёту ${letter.number}\n${letter.address}` };
    yield { kind: 'title', text: 'Код для личного кабинета' };
    yield {
      kind: 'text',
      text: 'Квитанции, долг, показания и оплата вашего лицевого счёта есть в личном кабинете. Этот код подключает к нему счёт.',
    };
    yield {
      kind: 'facts',
      facts: [
        ['Код', letter.code],
        ['Номер для поиска', letter.serviceId],
        ['Лицевой счёт', letter.number],
        ['Код действует', `до ${formatDate(lastMomentOf(letter.expiresAt), ZONE)} включительно, один раз`],
      ],
    };
    yield { kind: 'heading', text: 'Как подключить' };
    yield {
      kind: 'text',
      text: `1. Откройте ${publicUrl}/accounts/connect и войдите.\n2. Введите номер для поиска.\n3. Выберите «Одноразовым кодом» и введите код.`,
    };
    yield {
      kind: 'note',
      text: 'Никому не сообщайте код: тот, кто его введёт, увидит начисления и платежи. Более раннее письмо с кодом больше не действует.',
    };
  }
}
