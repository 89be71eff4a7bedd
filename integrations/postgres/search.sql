-- Search in either script, once zh_fold exists (fold_rules postgres-sql): an index of the folded text by trigrams, and
-- queries that are folded, too. What comes after is for the test.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE documents (id integer GENERATED ALWAYS AS IDENTITY, text text NOT NULL);
CREATE INDEX documents_fold ON documents USING gin (zh_fold(text) gin_trgm_ops);

-- 600 documents of 20,000 have the word, in four spellings.
INSERT INTO documents (text)
SELECT '第' || n || '篇：' || CASE n % 100
    WHEN 3 THEN (ARRAY['區塊鏈技術', '区块链技术', '區塊链技術', '区塊鏈技术'])[1 + n / 100 % 4] || '的發展'
    WHEN 4 THEN '我們討論區塊鏈技術'
    WHEN 5 THEN '我们讨论区块链技术'
    ELSE (ARRAY['頭髮', '头发', '鐵道', '鉄道', '裡面', '里面'])[1 + n % 6] || '的歷史 ' || md5(n::text) END
FROM generate_series(1, 20000) AS n;
ANALYZE documents;

CREATE TABLE queries (query text);
INSERT INTO queries VALUES ('區塊鏈技術'), ('区块链技术'), ('区塊链技術');
CREATE TABLE pairs (a text, b text);
CREATE FUNCTION plan_of(statement text) RETURNS SETOF text LANGUAGE plpgsql
    AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ' || statement; END $$;
