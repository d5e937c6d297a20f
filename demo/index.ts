export { type DemoOptions, DemoRefused, makeDemo } from './make-demo.ts';
export { peopleTable } from './people-table.ts';
export { type PickedResident, pickResidents } from './pick-residents.ts';
export { DEMO_SHOPS } from './shops.ts';
