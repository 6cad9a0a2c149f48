using Attune.Db;

namespace Attune.Modules.Enforcements.Search;

/// <summary>The turns of a host's searches, of events and of executions.</summary>
internal sealed class SearchTurns() : Turns;
