/**
 * ОКТМО is a tree written in digits: 2 of the region, 3 of the district, 3 of the settlement, 3 of the locality; zeros stand for
 * "all of it". A district's code is 46748000, its settlement's 46748101, a village's there 46748101001.
 */
export const OKTMO = /^[0-9]{8}([0-9]{3})?$/;

/** The code itself and those of all territories that it lies in, '' (the whole region) among them. */
export function territoriesAround(oktmo: string): string[] {
  if (!OKTMO.test(oktmo)) return [''];
  const [region, district, settlement] = [oktmo.slice(0, 2), oktmo.slice(0, 5), oktmo.slice(0, 8)];
  return [...new Set(['', `${region}000000`, `${district}000`, settlement, `${settlement}000`, oktmo])];
}
