using Attune.Db;

namespace Attune.Modules.History;

/// <summary>Reads what was recorded; nothing here writes.</summary>
public interface IHistoryRepository
{
    /// <summary>Changes newest first; the cursor's id is the entry's sequence number.</summary>
    Task<Page<HistoryEntry>> ListAsync(
        HistoryEntityType type, HistoryFilter filter, PageRequest page, CancellationToken cancellationToken);
}
