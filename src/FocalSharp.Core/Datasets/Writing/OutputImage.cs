namespace FocalSharp.Datasets.Writing;

/// <summary>An image with its file name in a data set that is being written.</summary>
/// <param name="Source">The image and its objects.</param>
/// <param name="Name">File name below the format's image folder, with forward slashes; unique, and safe to use in a path.</param>
/// <param name="RelativePath">Image folder and name, relative to the data set's folder.</param>
public sealed record OutputImage(DatasetImage Source, string Name, string RelativePath)
{
    /// <summary>Gets the name without its extension, unique within the image folder: the id of a VOC image, the name of a YOLO label file.</summary>
    public string Stem => Path.ChangeExtension(Name, null);
}
