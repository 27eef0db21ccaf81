import type { Command } from 'commander';
import type { UnitEntry } from '../../runtime/administration.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderTable } from '../table.ts';

interface AddOptions extends GlobalOptions {
  readonly description?: string;
  readonly partOf?: string;
}

/** `mapwright unit`: the parts of the organisation, whose people error plans tell. */
export function registerUnit(program: Command, runner: CommandRunner): void {
  const unit = program.command('unit').description('the parts of the organisation, whose people error plans tell');
  unit
    .command('add')
    .description('add a unit')
    .argument('<name>')
    .option('--description <text>', 'what it is for')
    .option('--part-of <unit>', 'the unit that it is a part of')
    .action((name: string, _options: unknown, self: Command) => addUnit(name, self.optsWithGlobals(), runner));
  unit
    .command('list')
    .description('all units as a tree, and their people')
    .action((_options: unknown, self: Command) => listUnits(self.optsWithGlobals(), runner));
  unit
    .command('move')
    .description('make a unit a part of another, or of none')
    .argument('<name>')
    .argument('[unit]', 'the unit above it; none when it is left out')
    .action((name: string, above: string | undefined, _options: unknown, self: Command) =>
      moveUnit({ name, ...(above === undefined ? {} : { parent: above }) }, self.optsWithGlobals(), runner),
    );
  registerMembers(unit, runner);
  unit
    .command('remove')
    .description('remove a unit that has no parts')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) => removeUnit(name, self.optsWithGlobals(), runner));
  addExamples(
    unit,
    [
      'mapwright unit add sales',
      'mapwright unit add sales-north --part-of sales',
      'mapwright unit add-member sales-north anna      then <notify to="unit:sales"/> tells anna too',
      'mapwright unit list',
    ],
    'group',
  );
}

function registerMembers(unit: Command, runner: CommandRunner): void {
  unit
    .command('add-member')
    .description('have a user belong to a unit')
    .argument('<unit>')
    .argument('<user>')
    .action((name: string, user: string, _options: unknown, self: Command) =>
      addMember({ unit: name, user }, self.optsWithGlobals(), runner),
    );
  unit
    .command('remove-member')
    .description('have a user belong to a unit no longer')
    .argument('<unit>')
    .argument('<user>')
    .action((name: string, user: string, _options: unknown, self: Command) =>
      removeMember({ unit: name, user }, self.optsWithGlobals(), runner),
    );
}

async function addUnit(name: string, options: AddOptions, runner: CommandRunner): Promise<void> {
  const { description = '', partOf } = options;
  const unit = await runner.withInstall(options, { create: true }, (administration) =>
    administration.addUnit({ name, description, ...(partOf === undefined ? {} : { parent: partOf }) }),
  );
  const where = partOf === undefined ? '' : ` as a part of ${partOf}`;
  runner.show(options, { unit }, () => [`unit ${unit.name} is added${where}`]);
}

async function listUnits(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const units = await runner.withInstall(options, { create: false }, (administration) => administration.units());
  runner.show(options, { units }, () => {
    if (units.length === 0) return ['no units'];
    const last = { title: 'description', gives: true };
    return renderTable([{ title: 'name' }, { title: 'members', gives: true }, last], rowsBelow(units, undefined, ''));
  });
}

/** The units below one, each followed by those below it and further to the right. */
function rowsBelow(units: readonly UnitEntry[], parent: string | undefined, indent: string): string[][] {
  return units
    .filter((unit) => unit.parent === parent)
    .flatMap(({ name, members, description }) => [
      [indent + name, members.join(', '), description],
      ...rowsBelow(units, name, `${indent}  `),
    ]);
}

interface Move {
  readonly name: string;
  readonly parent?: string;
}

async function moveUnit(move: Move, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  await runner.withInstall(options, { create: false }, (administration) => administration.moveUnit(move));
  runner.show(options, { ...move, moved: true }, () => [
    move.parent === undefined ? `${move.name} is at the top` : `${move.name} is a part of ${move.parent}`,
  ]);
}

interface Membership {
  readonly unit: string;
  readonly user: string;
}

async function addMember(membership: Membership, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const added = await runner.withInstall(options, { create: false }, (administration) =>
    administration.addUnitMember(membership),
  );
  const { unit, user } = membership;
  runner.show(options, { ...membership, added }, () => [
    added ? `${user} belongs to ${unit}` : `${user} belonged to ${unit} already`,
  ]);
}

async function removeMember(membership: Membership, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const removed = await runner.withInstall(options, { create: false }, (administration) =>
    administration.removeUnitMember(membership),
  );
  const { unit, user } = membership;
  runner.show(options, { ...membership, removed }, () => [
    removed ? `${user} belongs to ${unit} no longer` : `${user} did not belong to ${unit}`,
  ]);
  if (!removed) runner.fail();
}

async function removeUnit(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  await runner.withInstall(options, { create: false }, (administration) => administration.removeUnit({ name }));
  runner.show(options, { name, removed: true }, () => [`unit ${name} is removed`]);
}
