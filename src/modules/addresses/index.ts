export { type Child, childrenOf, HOUSE_LEVEL } from './children-of.ts';
export {
  type Address,
  findAddress,
  findAddresses,
  findGoneAddresses,
  housesOf,
  type PathPart,
} from './find-address.ts';
export type { HouseCodes } from './find-by-codes.ts';
export { type ImportOptions, type ImportReport, importGar, type RegionReport } from './gar/import-gar.ts';
export { withFlat } from './print-address.ts';
export { registerAddresses } from './public.tsx';
export {
  type Municipality,
  selectMunicipalities as listMunicipalities,
  selectMunicipality as findMunicipality,
} from './queries/municipalities.ts';
export { selectLoadedRegions as listLoadedRegions } from './queries/read.ts';
export { type Resolved, resolveAddressText } from './resolve-address.ts';
export {
  type FoundHouse,
  type FoundPlace,
  type SearchOptions,
  type SearchResult,
  searchAddresses,
} from './search-addresses.ts';
