-- The station's journal. `event` is the truth: appended to, never updated, never deleted; its names
-- are a contract with auditors. `body` is the envelope's bytes as they were written and hashed, so
-- it is a blob and not text: nothing may normalise it. Everything below `anchor` is a projection of
-- `event`, written in the same transaction, and can be rebuilt from it.
create table event (
  seq integer primary key,
  kind text not null,
  body blob not null,
  hash blob not null
) strict;

-- What is true of the file and not of an event: the stream's id, the numbers a stream that
-- replaces a damaged one starts after.
create table meta (
  k text primary key,
  v blob not null
) strict;

-- The outbox is a high-water mark, not a flag on each event: central's acknowledgement is one
-- update, and a mark that goes back (central was restored) sends the rest again by itself.
create table push (
  one integer primary key check (one = 1),
  acked_seq integer not null,
  hub_epoch blob
) strict;
insert into push (one, acked_seq, hub_epoch) values (1, 0, null);

-- The whole state at one event, so that a start folds a few hundred events and not the file.
-- `schema` is that of the program that wrote it: another one's state is not trusted but folded.
create table anchor (
  seq integer primary key,
  schema integer not null,
  body text not null
) strict;

-- The local tables: `row` is the JSON of the core's row, and the columns to look up by are derived
-- from it by SQLite, so that they can't disagree with it.
create table parcel (
  id text primary key,
  row text not null,
  label text generated always as (row ->> '$.label') virtual,
  client text generated always as (row ->> '$.client') virtual,
  order_no text generated always as (row ->> '$.order_no') virtual,
  rma text generated always as (row ->> '$.rma') virtual,
  operator text generated always as (row ->> '$.operator') virtual,
  stage text generated always as (row ->> '$.stage') virtual,
  arrived_at integer generated always as (row ->> '$.arrived_at') virtual,
  closed_at integer generated always as (row ->> '$.closed_at') virtual
) strict;
create index parcel_by_label on parcel (label, arrived_at);

create table unit (
  lpn text primary key,
  row text not null,
  parcel text generated always as (row ->> '$.parcel') virtual,
  client text generated always as (row ->> '$.client') virtual,
  order_no text generated always as (row ->> '$.order_no') virtual,
  line integer generated always as (row ->> '$.line') virtual,
  n integer generated always as (row ->> '$.n') virtual,
  gtin text generated always as (row ->> '$.gtin') virtual,
  stage text generated always as (row ->> '$.stage') virtual
) strict;
create index unit_by_order on unit (client, order_no);
create index unit_by_parcel on unit (parcel);

-- `case` is a word of SQL.
create table case_file (
  id text primary key,
  row text not null
) strict;

-- The open filling of each bin.
create table filling (
  bin text primary key,
  row text not null
) strict;
