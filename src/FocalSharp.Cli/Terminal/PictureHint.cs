namespace FocalSharp.Cli.Terminal;

/// <summary>How a picture is opened on this system.</summary>
internal static class PictureHint
{
    /// <summary>A command line that opens a file with the program that the user looks at pictures with.</summary>
    public static string OpenCommand(string path)
    {
        string quoted = path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
        return OperatingSystem.IsWindows() ? $"start \"\" {quoted}" : OperatingSystem.IsMacOS() ? $"open {quoted}" : $"xdg-open {quoted}";
    }
}
