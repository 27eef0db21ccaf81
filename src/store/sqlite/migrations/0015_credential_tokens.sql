CREATE TABLE `credential_tokens` (
	`credential` text NOT NULL,
	`subject` text NOT NULL,
	`version` integer NOT NULL,
	`sealed` text,
	`fingerprint` text NOT NULL,
	`changed_at` integer NOT NULL,
	`renewer` text,
	`renewing_until` integer,
	`problem` text,
	PRIMARY KEY(`credential`, `subject`)
);
