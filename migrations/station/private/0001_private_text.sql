-- The side table of personal texts. It is a file of its own because the journal is never edited:
-- a text is erased here, with its salt, and the hash left in the event then leads to nobody.
create table private_text (
  id blob primary key,
  salt blob not null,
  text text not null,
  created_at integer not null
) strict;
