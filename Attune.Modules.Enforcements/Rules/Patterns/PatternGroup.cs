using System.Text.RegularExpressions;

namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>A group that is being read: its alternatives, and the parts of the last one.</summary>
/// <param name="optionsOutside">What applies again when it is closed.</param>
internal sealed class PatternGroup(RegexOptions optionsOutside)
{
    private readonly List<PatternNode> _alternatives = [];

    public RegexOptions OptionsOutside => optionsOutside;

    public List<PatternNode> Parts { get; private set; } = [];

    public void EndAlternative()
    {
        _alternatives.Add(PatternNode.Sequence(Parts));
        Parts = [];
    }

    public PatternNode Whole()
    {
        EndAlternative();
        return PatternNode.Choice(_alternatives);
    }
}
