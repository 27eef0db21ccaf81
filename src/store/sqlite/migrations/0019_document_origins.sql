-- Of documents stored so far: the first revision that had the same text.
UPDATE revision_documents SET since = origin.first
FROM (SELECT kind, name, text, min(revision) AS first FROM revision_documents GROUP BY kind, name, text) AS origin
WHERE origin.kind = revision_documents.kind AND origin.name = revision_documents.name AND origin.text = revision_documents.text;
