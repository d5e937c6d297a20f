-- The new payer of an account is told of it when they have a cabinet: found by СНИЛС, for accounts whose link was suspended alone.
create index person_snils on person (snils) where snils is not null;
