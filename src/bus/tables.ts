/**
 * The tables of the bus: commands, replies, events. Who wrote a command is filled in by the database and cannot be chosen.
 * The contents are kombu's JSON, which may hold what PostgreSQL's own types refuse (NaN, NUL characters), or signed: hence
 * text. What is `kept` (revokes) holds for those who come later too.
 */
export const BUS_TABLES_SQL = `
CREATE TABLE workertoolbox.control_command (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sent timestamptz NOT NULL DEFAULT now(),
  expires timestamptz NOT NULL,
  kept boolean NOT NULL,
  sender text NOT NULL DEFAULT session_user,
  origin text NOT NULL,
  namespace text NOT NULL,
  clock bigint NOT NULL,
  request text NOT NULL
);
CREATE INDEX control_command_expires ON workertoolbox.control_command (expires);
CREATE INDEX control_command_kept ON workertoolbox.control_command (id) WHERE kept;
CREATE TABLE workertoolbox.control_reply (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sent timestamptz NOT NULL DEFAULT now(),
  expires timestamptz NOT NULL,
  reply_to text NOT NULL,
  ticket text,
  clock bigint NOT NULL,
  reply text NOT NULL
);
CREATE INDEX control_reply_to ON workertoolbox.control_reply (reply_to, id);
CREATE INDEX control_reply_expires ON workertoolbox.control_reply (expires);
CREATE TABLE workertoolbox.event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sent timestamptz NOT NULL DEFAULT now(),
  expires timestamptz NOT NULL,
  namespace text NOT NULL,
  routing_key text NOT NULL,
  hostname text NOT NULL,
  events text NOT NULL
);
CREATE INDEX event_expires ON workertoolbox.event (expires);`;
