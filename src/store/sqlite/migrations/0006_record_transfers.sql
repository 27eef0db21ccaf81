CREATE TABLE `import_identities` (
	`source` text NOT NULL,
	`remote` text NOT NULL,
	`local` text NOT NULL,
	PRIMARY KEY(`source`, `remote`)
);
--> statement-breakpoint
CREATE INDEX `import_identities_local` ON `import_identities` (`source`,`local`);--> statement-breakpoint
CREATE TABLE `import_references` (
	`source` text NOT NULL,
	`record` text NOT NULL,
	`field` text NOT NULL,
	`remote` text NOT NULL,
	PRIMARY KEY(`source`, `record`, `field`)
);
--> statement-breakpoint
CREATE TABLE `imports` (
	`source` text NOT NULL,
	`module` text NOT NULL,
	`direction` text NOT NULL,
	`progress` text NOT NULL,
	PRIMARY KEY(`source`, `module`, `direction`)
);
