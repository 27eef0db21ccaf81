/** A map test as the engine runs it: what it holds is compared with, and needs no compiling. */
export {
  type ExpectedAbsence,
  type ExpectedHeader,
  type ExpectedParameter,
  type ExpectedRequest,
  type ExpectedResult,
  type ExpectedValue,
  type ExpectedWrite,
  type GivenAnswer,
  type GivenField,
  type MapTestCase,
  type MapTestDocument,
  type WriteTarget,
  expectsSomething,
} from '../document/map-test.ts';
