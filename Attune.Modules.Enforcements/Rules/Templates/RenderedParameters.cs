using System.Buffers;
using System.Text;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Templates;

/// <summary>Parameters that are filled in but for what the event gets when it is written.</summary>
internal sealed class RenderedParameters
{
    private readonly TemplateRender _render;
    private readonly ReadOnlyMemory<byte> _json;
    private readonly List<(int Start, int End, TemplateHole Hole)> _holes = [];

    public RenderedParameters(TemplateRender render, ReadOnlyMemory<byte> json, List<TemplateHole> holes)
    {
        _render = render;
        _json = json;
        var at = 0;
        foreach (var hole in holes)
        {
            // They come in the order in which they were left.
            var marker = Encoding.ASCII.GetBytes(hole.Marker);
            var start = at + json.Span[at..].IndexOf(marker);
            var end = start + marker.Length;
            var quotes = hole.IsWhole ? 1 : 0;
            _holes.Add((start - quotes, end + quotes, hole));
            at = end;
        }
    }

    /// <summary>How many bytes they have, what is still to come aside.</summary>
    public int Length => _json.Length;

    /// <summary>The parameters, as JSON.</summary>
    /// <exception cref="BudgetExceededException">They come to too many bytes.</exception>
    public byte[] Finish(WrittenFacts written)
    {
        if (_holes.Count == 0)
        {
            return _json.ToArray();
        }

        var whole = new ArrayBufferWriter<byte>(_json.Length + (64 * _holes.Count));
        var at = 0;
        foreach (var (start, end, hole) in _holes)
        {
            whole.Write(_json.Span[at..start]);
            var filled = hole.Fill(_render, written);
            _render.Scope.Budget.SpendBytes(filled.Length);
            whole.Write(filled);
            at = end;
        }

        whole.Write(_json.Span[at..]);
        return whole.WrittenSpan.ToArray();
    }
}
