namespace FocalSharp.Serving.Uploads;

/// <summary>One request's decoded images, which count against the pixels in flight until this is disposed.</summary>
public sealed class DecodedForm : IDisposable
{
    private readonly IDisposable _permit;

    internal DecodedForm(IReadOnlyList<DecodedImage> images, IReadOnlyDictionary<string, string> fields, IDisposable permit)
    {
        (Images, Fields, _permit) = (images, fields, permit);
    }

    /// <summary>The images in the order in which they were sent.</summary>
    public IReadOnlyList<DecodedImage> Images { get; }

    /// <summary>The form's short text fields; empty for a raw body.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; }

    /// <inheritdoc/>
    public void Dispose() => _permit.Dispose();
}
