namespace FocalSharp.Cli.Terminal;

/// <summary>Suggests how to open an image on this operating system.</summary>
internal static class ImageViewerHint
{
    /// <summary>Returns a command line that opens a file in the default image viewer.</summary>
    public static string GetOpenCommand(string path)
    {
        string quoted = path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
        return OperatingSystem.IsWindows() ? $"start \"\" {quoted}" : OperatingSystem.IsMacOS() ? $"open {quoted}" : $"xdg-open {quoted}";
    }
}
