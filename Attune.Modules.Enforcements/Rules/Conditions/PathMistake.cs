namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>What is wrong with a path.</summary>
/// <param name="At">The character, counted from 0.</param>
/// <param name="Message">What was expected there; null when nothing is wrong.</param>
internal readonly record struct PathMistake(int At, string Message);
