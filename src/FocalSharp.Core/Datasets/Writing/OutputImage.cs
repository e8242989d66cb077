namespace FocalSharp.Datasets.Writing;

/// <summary>An image with the place it gets in a written data set.</summary>
/// <param name="Source">The image.</param>
/// <param name="Name">Its name below the format's image folder, with forward slashes; safe and unique.</param>
/// <param name="RelativePath">Image folder and name, relative to the data set's folder.</param>
internal sealed record OutputImage(DatasetImage Source, string Name, string RelativePath)
{
    /// <summary>The name without its ending: VOC's id, YOLO's label file.</summary>
    public string Stem => Path.ChangeExtension(Name, null);
}
