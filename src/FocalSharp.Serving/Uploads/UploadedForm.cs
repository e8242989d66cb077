namespace FocalSharp.Serving.Uploads;

/// <summary>The encoded images and the form fields of a request. Dispose it to release the memory.</summary>
internal sealed class UploadedForm : IDisposable
{
    private readonly IDisposable _permit;

    internal UploadedForm(IReadOnlyList<UploadedImage> images, IReadOnlyDictionary<string, string> fields, IDisposable permit)
    {
        (Images, Fields, _permit) = (images, fields, permit);
    }

    /// <summary>Gets the images in the order in which they were sent; rejected images carry their <see cref="UploadedImage.Error"/>.</summary>
    public IReadOnlyList<UploadedImage> Images { get; }

    /// <summary>Gets the text fields of the form; empty for a raw body.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (UploadedImage image in Images)
        {
            image.Dispose();
        }

        _permit.Dispose();
    }
}
