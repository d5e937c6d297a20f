/** Latin letters that look like Russian ones: «Т1» is typed with either. */
const LOOKALIKES: Record<string, string> = Object.fromEntries(
  [...'aceopxykmthb'].map((c, i) => [c, 'асеорхукмтнв'[i]!]),
);

/** Units and formats that headings carry after a comma or in brackets: «Сумма, руб.», «Площадь (кв. м)», «Период, ММ.ГГГГ». */
const UNIT = String.raw`\s*(?:в\s+)?(?:тыс\.?\s*)?(?:руб(?:\.|лей|ли)?(?:\s*\/\s*[^,()]{1,12})?|коп\.?|%|₽|кв\.?\s*м\.?|м\s*[23²³]|куб\.?\s*м\.?|гкал|квт(?:\s*[*·]?\s*ч)?|чел\.?|ед\.?|шт\.?|лет|дд\.мм\.гггг|мм\.гггг)\s*`;
const UNITS = new RegExp(`,${UNIT}(?=$|[,*])|\\(${UNIT}\\)`, 'giu');

const words = (text: string): string =>
  text
    .toLowerCase()
    .replace(/ё/g, 'е')
    .replace(/[acehkmoptxyb]/g, (letter) => LOOKALIKES[letter] ?? letter)
    .replace(/[^\p{L}\p{N}%№]+/gu, ' ')
    .trim();

/** Enough for the first rows of a wide sheet. */
const MOST_KNOWN = 5000;

/** Headings are looked for in every block of the first rows, so each cell of them is compared dozens of times. */
function remembered(form: (heading: string) => string): (heading: string) => string {
  const known = new Map<string, string>();
  return (heading) => {
    let found = known.get(heading);
    if (found === undefined) {
      found = form(heading);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(heading, found);
    }
    return found;
  };
}

/** All words of a heading: two columns may differ only in «, руб.» and «, %», two readings in «(Т1)» and «(Т2)». */
export const exactForm = remembered((heading) => words(heading.replace(/\*+\s*$/u, '')));

/** The words without units. */
export const unitlessForm = remembered((heading) => words(withoutUnits(heading)));

/** The words without notes in brackets and without units. A short note with a digit is a name, not a note: «(Т1)». */
export const bareForm = remembered((heading) =>
  words(
    withoutUnits(
      heading.replace(/\([^()]*\)|\[[^\][]*\]/g, (note) => (/^.[^\d]{0,3}\d.{0,3}$/.test(note) ? note : ' ')),
    ),
  ),
);

/** The first clause: state templates put instructions behind the heading («Номер комнаты. Обязательно, если…»). */
export const firstClause = remembered((heading) => {
  const end = /[.:;!?]\s+\p{Lu}|[.:;]?\s*\n|\s+[–—-]\s+/u.exec(heading);
  return end ? bareForm(heading.slice(0, end.index)) : bareForm(heading);
});

const withoutUnits = (heading: string): string => heading.replace(/\*+\s*$/u, '').replace(UNITS, '');

export const wordSet = (forms: readonly string[]): Set<string> => new Set(forms.flatMap((form) => form.split(' ')));
