namespace FocalSharp.Notebooks;

/// <summary>
/// Names the type that creates a class's formatters in notebooks. .NET Interactive finds this attribute, the method
/// <c>CreateTypeFormatters</c> of the type, and <c>MimeType</c> and <c>Format</c> of what it returns by their names, so that a library
/// needs no reference to it.
/// </summary>
/// <param name="formatterSourceType">The type, with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>Gets the type.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>Gets or sets the formats to show, the best first.</summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}
