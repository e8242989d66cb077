using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace FocalSharp.Imaging.Drawing;

/// <summary>
/// Finds a system font for a character. Skia's Linux build without dependencies finds no fonts itself, so the usual folders are searched,
/// once per character.
/// </summary>
internal static class FontFiles
{
    private const int MaxFiles = 500;

    private static readonly ConcurrentDictionary<int, SKTypeface?> Cache = new();
    private static readonly Lazy<SKTypeface[]> Installed = new(Load);

    /// <summary>Returns a font that contains the character, or null.</summary>
    public static SKTypeface? Find(Rune rune) => Rune.IsControl(rune) ? null : Cache.GetOrAdd(rune.Value, Search);

    private static SKTypeface? Search(int character) =>
        SKFontManager.Default.MatchCharacter(character) is { GlyphCount: > 0 } matched
            ? matched
            : Installed.Value.FirstOrDefault(typeface => HasGlyph(typeface, character));

    private static bool HasGlyph(SKTypeface typeface, int character)
    {
        using SKFont font = new(typeface);
        return font.ContainsGlyph(character);
    }

    private static SKTypeface[] Load() =>
        [.. Folders().SelectMany(Files).Take(MaxFiles).OrderBy(Rank).ThenBy(path => path, StringComparer.Ordinal)
            .Select(SKTypeface.FromFile).OfType<SKTypeface>()];

    private static IEnumerable<string> Folders()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return
        [
            "/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(home, ".fonts"), Path.Combine(home, ".local/share/fonts"),
            "/System/Library/Fonts", "/Library/Fonts", Environment.GetFolderPath(Environment.SpecialFolder.Fonts),
        ];
    }

    private static IEnumerable<string> Files(string folder) =>
        folder.Length > 0 && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
                .Where(path => Path.GetExtension(path).ToLowerInvariant() is ".ttf" or ".otf" or ".ttc")
            : [];

    // Plain sans-serif faces first: they match the built-in font best.
    private static int Rank(string path)
    {
        string name = Path.GetFileName(path);
        return (name.Contains("Sans", StringComparison.OrdinalIgnoreCase) ? 0 : 4)
            + (name.Contains("Oblique", StringComparison.OrdinalIgnoreCase) || name.Contains("Italic", StringComparison.OrdinalIgnoreCase) ? 2 : 0)
            + (name.Contains("Bold", StringComparison.OrdinalIgnoreCase) || name.Contains("Mono", StringComparison.OrdinalIgnoreCase) ? 1 : 0);
    }
}
