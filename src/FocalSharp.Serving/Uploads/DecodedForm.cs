namespace FocalSharp.Serving.Uploads;

/// <summary>The decoded images of a request. They count towards the pixels in flight until this is disposed.</summary>
internal sealed class DecodedForm : IDisposable
{
    private readonly IDisposable _permit;

    internal DecodedForm(IReadOnlyList<DecodedImage> images, IReadOnlyDictionary<string, string> fields, IDisposable permit)
    {
        (Images, Fields, _permit) = (images, fields, permit);
    }

    /// <summary>Gets the images in the order in which they were sent.</summary>
    public IReadOnlyList<DecodedImage> Images { get; }

    /// <summary>Gets the text fields of the form; empty for a raw body.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; }

    /// <inheritdoc/>
    public void Dispose() => _permit.Dispose();
}
