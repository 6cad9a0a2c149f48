using MudBlazor;

namespace Attune.Web.Layout;

/// <summary>
/// The colours and type of MudBlazor's components; attune.css has the same ones for ours. Both themes are on the page at
/// once, and an attribute of the document says which counts: a change needs no server, and nothing shows in the wrong one.
/// </summary>
internal static class Theme
{
    private static readonly string[] Sans = ["Inter", "system-ui", "sans-serif"];

    private static readonly Typography Type = new()
    {
        Default = new DefaultTypography { FontFamily = Sans, FontSize = ".875rem", LineHeight = "1.45", LetterSpacing = "normal" },
        Body1 = new Body1Typography { FontFamily = Sans, FontSize = ".875rem", LetterSpacing = "normal" },
        Body2 = new Body2Typography { FontFamily = Sans, FontSize = ".8125rem", LetterSpacing = "normal" },
        H6 = new H6Typography { FontFamily = Sans, FontSize = "1rem", FontWeight = "600", LetterSpacing = "normal" },
        Button = new ButtonTypography
        {
            FontFamily = Sans, FontSize = ".8125rem", FontWeight = "550", LetterSpacing = "normal", TextTransform = "none",
        },
        Caption = new CaptionTypography { FontFamily = Sans, FontSize = ".75rem", LetterSpacing = "normal" },
    };

    private static readonly LayoutProperties Layout = new()
    {
        DefaultBorderRadius = "7px", DrawerWidthLeft = "224px", AppbarHeight = "56px",
    };

    public static MudTheme Light { get; } = new()
    {
        PseudoCss = new PseudoCss { Scope = ":root[data-theme='light']" },
        Typography = Type,
        LayoutProperties = Layout,
        PaletteLight = new PaletteLight
        {
            Primary = "#0b7285", PrimaryContrastText = "#ffffff", Secondary = "#56606e", Info = "#1c6dd0", Success = "#157f45",
            Warning = "#a85b00", Error = "#c8322b", Background = "#f5f6f8", Surface = "#ffffff", TextPrimary = "#171b21",
            TextSecondary = "#525c6a", TextDisabled = "#8a94a2", ActionDefault = "#525c6a", ActionDisabled = "#a9b1bc",
            ActionDisabledBackground = "#e8ebef", AppbarBackground = "#ffffff", AppbarText = "#171b21", DrawerBackground = "#ffffff",
            DrawerText = "#3d4653", DrawerIcon = "#6b7583", LinesDefault = "#e2e6eb", LinesInputs = "#c5ccd5", Divider = "#e2e6eb",
            TableLines = "#e2e6eb", Skeleton = "#e9ecf0", OverlayDark = "rgba(20,25,32,.45)",
        },
    };

    public static MudTheme Dark { get; } = new()
    {
        PseudoCss = new PseudoCss { Scope = ":root[data-theme='dark']" },
        Typography = Type,
        LayoutProperties = Layout,
        PaletteDark = new PaletteDark
        {
            Primary = "#4cc3d4", PrimaryContrastText = "#06222a", Secondary = "#a3adba", Info = "#6aa9f5", Success = "#4cc482",
            Warning = "#e0a34a", Error = "#f0736c", Background = "#0d1116", Surface = "#151a21", TextPrimary = "#e7ebf0",
            TextSecondary = "#a3adba", TextDisabled = "#6f7a88", ActionDefault = "#a3adba", ActionDisabled = "#58626f",
            ActionDisabledBackground = "#232a33", AppbarBackground = "#11161c", AppbarText = "#e7ebf0", DrawerBackground = "#11161c",
            DrawerText = "#c3cbd5", DrawerIcon = "#8d98a6", LinesDefault = "#272e38", LinesInputs = "#3b4552", Divider = "#272e38",
            TableLines = "#272e38", Skeleton = "#222932", OverlayDark = "rgba(0,0,0,.6)",
        },
    };
}
