/** Names and values of the form that maps headings. */

/** The field of a heading: its place in the list of open ones. */
export const fieldOf = (index: number): string => `heading-${index}`;
/** The fields of a sheet whose headings were not found, by its place in the list: where they stand, where data begin. */
export const topFieldOf = (index: number): string => `top-${index}`;
export const dataFieldOf = (index: number): string => `data-${index}`;

/** Leave the column, or the sheet, out. */
export const PASS_OVER = '-';
/** Data begin right below the headings. */
export const BELOW = '';
