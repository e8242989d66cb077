namespace FocalSharp.Notebooks;

/// <summary>Formats a value as HTML in a notebook. Its members are found by name (<see cref="TypeFormatterSourceAttribute"/>).</summary>
/// <typeparam name="T">The class to format.</typeparam>
/// <param name="render">Returns the HTML.</param>
internal sealed class HtmlFormatter<T>(Func<T, string> render)
    where T : class
{
    /// <summary>Gets the format.</summary>
    public string MimeType => HtmlText.MimeType;

    /// <summary>Writes a value; returns false for one of another type.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not T value)
        {
            return false;
        }

        writer.Write(render(value));
        return true;
    }
}
